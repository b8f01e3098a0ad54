import { parseId } from '../../domain/ids';
import type { OrderLineId } from '../../domain/ids';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';

/** The lines that the request names, each once; all where it names none. */
export function chosenLines<Line>(lines: readonly Line[], idOf: (line: Line) => OrderLineId, lineIds: readonly string[] | undefined): Result<readonly Line[]> {
  if (lineIds === undefined) return ok(lines);
  if (lineIds.length === 0) return refused(userError('INVALID_INPUT', 'Name the lines, or leave lineIds out for all of them.', ['lineIds']));
  const wanted = lineIds.map((text) => parseId<OrderLineId>(text));
  const unknown = wanted.flatMap((id, index) => (lines.some((line) => idOf(line) === id) ? [] : [index]));
  if (unknown.length > 0) return refused(...unknown.map((index) => userError('NOT_FOUND', 'The order has no such line.', ['lineIds', String(index)])));
  return ok(lines.filter((line) => wanted.includes(idOf(line))));
}

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** Why a refund's reason is no text that can be kept; null: it is. */
export function checkReason(reason: string) {
  const fits = reason.trim().length >= 1 && reason.length <= 500 && !CONTROL.test(reason) && reason.isWellFormed();
  return fits ? null : userError('INVALID_INPUT', 'The reason must have 1 to 500 printable characters.', ['reason'], { max: '500' });
}
