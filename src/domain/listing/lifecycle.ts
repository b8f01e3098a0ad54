import type { Listing, ListingStatus } from './listing';

export const LISTING_COMMANDS = ['update', 'submit', 'withdraw', 'approve', 'reject', 'publish', 'suspend', 'reinstate', 'retarget', 'feature', 'archive'] as const;
export type ListingCommandName = (typeof LISTING_COMMANDS)[number];

/** Back to where the suspension found it: APPROVED or LIVE. */
type Target = ListingStatus | 'BEFORE_SUSPENSION';

/** Domain rules, "Listings": what each status lets happen, and where it leads. What is not here is refused. */
export const LISTING_TRANSITIONS: Readonly<Record<ListingStatus, Readonly<Partial<Record<ListingCommandName, Target>>>>> = {
  DRAFT: { update: 'DRAFT', submit: 'SUBMITTED', retarget: 'DRAFT', feature: 'DRAFT', archive: 'ARCHIVED' },
  SUBMITTED: { withdraw: 'DRAFT', reject: 'DRAFT', approve: 'APPROVED', archive: 'ARCHIVED' },
  APPROVED: { update: 'APPROVED', publish: 'LIVE', suspend: 'SUSPENDED', retarget: 'APPROVED', feature: 'APPROVED', archive: 'ARCHIVED' },
  LIVE: { update: 'LIVE', suspend: 'SUSPENDED', retarget: 'LIVE', feature: 'LIVE', archive: 'ARCHIVED' },
  SUSPENDED: { update: 'SUSPENDED', reinstate: 'BEFORE_SUSPENSION', retarget: 'SUSPENDED', feature: 'SUSPENDED', archive: 'ARCHIVED' },
  ARCHIVED: {},
};

const PAST: Readonly<Record<ListingCommandName, string>> = {
  update: 'updated', submit: 'submitted', withdraw: 'withdrawn', approve: 'approved',
  reject: 'rejected', publish: 'published', suspend: 'suspended', reinstate: 'reinstated',
  retarget: 'retargeted', feature: 'featured', archive: 'archived',
};

/** The status that the command leads to, or null when the listing's status does not allow it. */
export function targetOf({ status, suspendedFrom }: Pick<Listing, 'status' | 'suspendedFrom'>, command: ListingCommandName): ListingStatus | null {
  const target = LISTING_TRANSITIONS[status][command] ?? null;
  return target === 'BEFORE_SUSPENSION' ? suspendedFrom : target;
}

export function possibleCommands(status: ListingStatus): ListingCommandName[] {
  return LISTING_COMMANDS.filter((command) => command in LISTING_TRANSITIONS[status]);
}

/** "A listing that is LIVE cannot be submitted; it can be updated or suspended." */
export function explainRefusal(status: ListingStatus, command: ListingCommandName): string {
  const possible = possibleCommands(status).map((name) => PAST[name]);
  const last = possible.at(-1);
  const rest = possible.slice(0, -1).join(', ');
  const hint = last === undefined ? 'that is final' : `it can be ${rest === '' ? last : `${rest} or ${last}`}`;
  return `A listing that is ${status} cannot be ${PAST[command]}; ${hint}.`;
}

/** What is under review is not edited, and what is archived is done with: neither its copy nor its plans change. */
export function isEditable(status: ListingStatus): boolean {
  return 'update' in LISTING_TRANSITIONS[status];
}
