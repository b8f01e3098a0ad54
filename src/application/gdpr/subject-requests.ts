import type { SubjectRequest } from '../../domain/gdpr/subject-request';
import { legalDeadline } from '../../domain/gdpr/subject-request';
import type { UserId } from '../../domain/ids';
import { WORKER } from '../actor';
import { correlated } from '../correlation';
import type { Logger } from '../ports/logger';
import type { OrderOfSubject, SubjectRequestStore } from '../ports/subject-requests';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import { eraseSubject } from './erase-subject';
import type { ErasureParts } from './erase-subject';
import { subjectErased, subjectExported } from './subject-answer';

export interface SubjectRequestParts extends ErasureParts {
  readonly unitOfWork: UnitOfWork;
  readonly requests: SubjectRequestStore;
  readonly logger: Logger;
}

const BATCH = 20;

/** Answers what persons ask for by law: any replica takes a request that no other holds, tries again while it has to wait. */
export class SubjectRequests {
  constructor(private readonly parts: SubjectRequestParts) {}

  /** Looks at each request that is due, once, and takes persons out of answers that have been published. */
  async work(): Promise<void> {
    const { unitOfWork, requests, logger } = this.parts;
    for (const id of await unitOfWork.run(WORKER, (tx) => requests.due(tx, BATCH))) {
      await unitOfWork.run(WORKER, (tx) => this.lookAt(tx, id), { commit: 'subject-request.answer' }).catch((error: unknown) => {
        logger.warn({ err: error, subjectRequestId: id }, 'a request about a person could not be answered yet');
      });
    }
    const answered = await unitOfWork.run(WORKER, (tx) => requests.answered(tx, BATCH));
    if (answered.length > 0) await unitOfWork.run(WORKER, (tx) => requests.forgetAnswers(tx, answered, tx.ids.next<UserId>()), { commit: 'subject-request.forget' });
  }

  private async lookAt(tx: Tx, id: string): Promise<void> {
    const request = await this.parts.requests.lock(tx, id);
    if (!request) return;
    await correlated(request.correlationId, () => (request.kind === 'erasure' ? this.erase(tx, request) : this.export(tx, request)));
  }

  private async erase(tx: Tx, request: SubjectRequest): Promise<void> {
    const { requests, outbox, logger } = this.parts;
    const { id, requestId, correlationId } = request;
    const erasure = await eraseSubject(tx, this.parts, request);
    if (erasure.kind === 'waits') return this.wait(tx, request, erasure.open);
    await requests.complete(tx, id, erasure.outcome);
    await outbox.append(tx, [subjectErased(request, erasure.outcome, tx.now)], correlationId);
    tx.afterCommit(() => { logger.info({ requestId, ...erasure.outcome }, 'a person was forgotten'); });
  }

  private async export(tx: Tx, request: SubjectRequest): Promise<void> {
    const { requests, records, outbox } = this.parts;
    const found = await records.export(tx, request.subjectId);
    await requests.complete(tx, request.id, { ordersAnonymised: 0, seatsReleased: 0 });
    await outbox.append(tx, subjectExported(request, found, tx.now), request.correlationId);
  }

  private async wait(tx: Tx, { id, requestId, receivedAt }: SubjectRequest, open: readonly OrderOfSubject[]): Promise<void> {
    const { requests, logger } = this.parts;
    const stuck = open.filter((order) => order.stuck).map((order) => order.id);
    const tell = await requests.postpone(tx, id, stuck.length > 0);
    const facts = { requestId, stuckOrders: stuck, openOrders: open.length, legalDeadline: legalDeadline(receivedAt).toISOString() };
    if (tell) tx.afterCommit(() => { logger.error(facts, 'an erasure waits for an order that is stuck'); });
  }
}
