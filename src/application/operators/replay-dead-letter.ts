import { parseId } from '../../domain/ids';
import type { DeadLetterId, UserId } from '../../domain/ids';
import { WORKER } from '../actor';
import type { Caller } from '../actor';
import type { AnyEventEnvelope } from '../events/event-envelope';
import { inRole, roleMissing } from '../listing/authorise';
import type { DeadLetter } from '../ports/dead-letters';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { OperatorDependencies } from './operator-dependencies';

const BASE64 = 'base64:';

/**
 * Takes a dead letter in once more, the same way as a first delivery; the inbox sees to it that an event takes effect
 * once. One that fails again stays, with its new error. For platform administrators.
 */
export function replayDeadLetter(dependencies: OperatorDependencies) {
  return async (caller: Caller, id: string): Promise<Result<DeadLetterId>> => {
    if (!inRole(caller, 'platform_admin')) return refused(roleMissing('platform_admin'));
    const letterId = parseId<DeadLetterId>(id);
    const [letter] = letterId ? await dependencies.unitOfWork.run(caller, (tx) => dependencies.deadLetters.byIds(tx, [letterId])) : [];
    if (!letter) return refused(userError('NOT_FOUND', 'There is no such dead letter.', ['id']));
    if (letter.replayedAt !== null) return ok(letter.id);
    try {
      await takeIn(dependencies, letter, caller.userId);
    } catch (error) {
      if (dependencies.isOutage(error)) return refused(userError('TEMPORARILY_UNAVAILABLE', 'Please try again in a minute.', ['id']));
      await failedAgain(dependencies, letter, caller.userId, error instanceof Error ? error.message : String(error));
    }
    return ok(letter.id);
  };
}

async function takeIn(dependencies: OperatorDependencies, letter: DeadLetter, by: UserId): Promise<void> {
  const intake = dependencies.intakes.get(letter.consumer);
  if (!intake) throw new Error(`nothing here consumes as ${letter.consumer} any more`);
  await intake.replay(read(dependencies, letter), async (tx) => {
    const before = await dependencies.deadLetters.lock(tx, letter.id);
    if (!before || before.replayedAt !== null) return; // somebody else was faster
    await dependencies.deadLetters.markReplayed(tx, letter.id, by);
    await record(tx, dependencies, before, by, { replayed: true });
  });
}

function read({ codec }: OperatorDependencies, { payload }: DeadLetter): AnyEventEnvelope {
  const bytes = payload.startsWith(BASE64) ? Buffer.from(payload.slice(BASE64.length), 'base64') : Buffer.from(payload, 'utf8');
  const decoded = codec.decode(bytes);
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.envelope;
}

async function failedAgain(dependencies: OperatorDependencies, { id }: DeadLetter, by: UserId, error: string): Promise<void> {
  dependencies.logger.warn({ deadLetterId: id, error }, 'a dead letter failed once more');
  await dependencies.unitOfWork.run(WORKER, async (tx) => {
    const before = await dependencies.deadLetters.lock(tx, id);
    if (!before || before.replayedAt !== null) return;
    await dependencies.deadLetters.markFailed(tx, id, error);
    await record(tx, dependencies, before, by, { replayed: false, error });
  }, { commit: 'dead-letter.fail' });
}

async function record(tx: Tx, { audit }: OperatorDependencies, { id, error, deliveries }: DeadLetter, actorId: UserId, after: object): Promise<void> {
  await audit.record(tx, { action: 'dead-letter.replay', target: 'dead-letter', targetId: id, actorId, reason: null, before: { error, deliveries }, after });
}
