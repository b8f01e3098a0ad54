import type { LicenseId } from '../../domain/ids';
import type { License } from '../../domain/license/license';
import { WORKER } from '../actor';
import type { AuthenticatedUser } from '../actor';
import type { LicenseFeed } from '../ports/license-feed';
import type { LicenseReader } from '../ports/readers';
import type { Tx, UnitOfWork } from '../ports/unit-of-work';
import { eyesOf, SharedReads } from '../watch/shared-reads';
import { closing, Watchers } from '../watch/watchers';
import type { Watcher } from '../watch/watchers';

/** Tells that a licence or its seats have changed; `*`: some change may have been missed. A hint only: the tables are the truth. */
export interface LicenseNotices {
  /** `wanted` says whether anybody here listens: where nobody does, nothing needs to be read. */
  listen(wanted: () => boolean, onChange: (licenseId: string) => void): void;
}

interface Look {
  readonly license: License;
  /** Differs when something that is shown has changed. */
  readonly mark: string;
}

/**
 * Licences for subscribers. However much happens while a watcher is busy or its socket is slow, it reads once more. Each
 * look is in the caller's name, so that one who may no longer see the licence is told nothing.
 */
export class LicenseWatch implements LicenseFeed {
  private readonly watchers: Watchers<LicenseId>;
  private readonly reads: SharedReads<Look | null>;
  /** As they were when it was last looked for what notices have not told of. */
  private marks: ReadonlyMap<LicenseId, string> = new Map();

  /** `readsAtOnce`: for all watchers together, so that thousands who begin or are told at once leave connections to others. */
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly licenses: LicenseReader,
    notices: LicenseNotices,
    { readsAtOnce }: { readonly readsAtOnce: number },
  ) {
    this.watchers = new Watchers((ids) => this.noticeMissed(ids));
    this.reads = new SharedReads(readsAtOnce);
    notices.listen(() => this.watchers.size > 0, (licenseId) => { this.notify(licenseId); });
  }

  async watch(caller: AuthenticatedUser, licenseId: LicenseId): Promise<AsyncIterableIterator<License> | null> {
    const key = `${licenseId} ${eyesOf(caller)}`;
    const look = () => this.reads.read(key, () => this.unitOfWork.run(caller, async (tx) => (await this.looks(tx, [licenseId])).get(licenseId) ?? null));
    const watcher = this.watchers.add(licenseId);
    const cleanUp = () => { this.watchers.remove(licenseId, watcher); };
    const first = await look().catch((error: unknown) => { cleanUp(); throw error; });
    if (first) return closing(follow(look, watcher, first), cleanUp);
    cleanUp();
    return null;
  }

  private async looks(tx: Tx, ids: readonly LicenseId[]): Promise<ReadonlyMap<LicenseId, Look>> {
    const licenses = await this.licenses.byIds(tx, ids);
    const usages = await this.licenses.usage(tx, ids);
    return new Map(licenses.map((license) => [license.id, { license, mark: JSON.stringify([license.state, license.validUntil, usages.get(license.id)]) }]));
  }

  private notify(licenseId: string): void {
    if (licenseId === '*') for (const watcher of this.watchers.all()) watcher.tell('MISSED');
    else for (const watcher of this.watchers.of(licenseId as LicenseId)) watcher.tell('TOLD');
  }

  /** One that is watched since the last time may have changed before it was looked at here: its watchers look once more. */
  private async noticeMissed(ids: readonly LicenseId[]): Promise<void> {
    const looks = await this.unitOfWork.run(WORKER, (tx) => this.looks(tx, ids));
    const marks = new Map([...looks].map(([id, { mark }]) => [id, mark]));
    for (const id of ids.filter((one) => marks.get(one) !== this.marks.get(one))) for (const watcher of this.watchers.of(id)) watcher.tell('MISSED');
    this.marks = marks;
  }
}

async function* follow(look: () => Promise<Look | null>, watcher: Watcher, first: Look): AsyncGenerator<License, void> {
  let seen = first;
  yield first.license;
  while (seen.license.state !== 'REVOKED') {
    const notice = await watcher.next();
    const now = notice === null ? null : await look();
    if (!now) return;
    const changed = notice === 'TOLD' || now.mark !== seen.mark;
    seen = now;
    if (changed) yield now.license;
  }
}
