/**
 * A rule of the domain that a command breaks: what, where in the command, and the facts in the message for programs.
 * Has the shape of a user error, whose codes are these and more.
 */
export interface Problem {
  readonly code: 'INVALID_INPUT' | 'ILLEGAL_TRANSITION' | 'COURSE_VERSION_NOT_PUBLISHED' | 'PLAY_PACKAGE_NOT_BUILT' | 'NO_ACTIVE_PLAN' | 'KYC_NOT_VERIFIED'
    | 'LICENSE_NOT_ACTIVE' | 'SEAT_REASSIGNMENT_LIMIT';
  readonly message: string;
  readonly path: readonly string[];
  readonly params: Readonly<Record<string, string>>;
}

export function invalid(path: readonly string[], message: string, params: Problem['params'] = {}): Problem {
  return { code: 'INVALID_INPUT', message, path, params };
}

/** The same problems seen from further outside: `path` comes before theirs. */
export function under<P extends { readonly path: readonly string[] }>(path: readonly string[], problems: readonly P[]): P[] {
  return problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
}
