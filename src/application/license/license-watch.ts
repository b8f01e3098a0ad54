import type { LicenseId } from '../../domain/ids';
import type { License } from '../../domain/license/license';
import type { AuthenticatedUser } from '../actor';
import { closing } from '../order/order-status-watch';
import type { LicenseFeed } from '../ports/license-feed';
import type { LicenseReader } from '../ports/readers';
import type { UnitOfWork } from '../ports/unit-of-work';

/** Tells that a licence or its seats have changed; `*`: some change may have been missed. A hint only: the tables are the truth. */
export interface LicenseNotices {
  /** `wanted` says whether anybody here listens: where nobody does, nothing needs to be read. */
  listen(wanted: () => boolean, onChange: (licenseId: string) => void): void;
}

/** How long a watcher waits for a notice before it looks for itself, in milliseconds. */
const LOOK_MS = 5_000;

interface Look {
  readonly license: License;
  /** Differs when something that is shown has changed. */
  readonly mark: string;
}

/**
 * Licences for subscribers. A watcher holds one flag and no queue: however much happens while it is busy or its socket is
 * slow, it reads once more. Each look is in the caller's name, so that one who may no longer see the licence is told nothing.
 */
export class LicenseWatch implements LicenseFeed {
  private readonly watchers = new Map<string, Set<Watcher>>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly licenses: LicenseReader,
    notices: LicenseNotices,
  ) {
    notices.listen(() => this.watchers.size > 0, (licenseId) => { this.notify(licenseId); });
  }

  async watch(caller: AuthenticatedUser, licenseId: LicenseId): Promise<AsyncIterableIterator<License> | null> {
    const watcher = new Watcher();
    this.add(licenseId, watcher);
    const look = () => this.look(caller, licenseId);
    const first = await look().catch((error: unknown) => { this.remove(licenseId, watcher); throw error; });
    if (first) return closing(follow(look, watcher, first), () => { this.remove(licenseId, watcher); });
    this.remove(licenseId, watcher);
    return null;
  }

  private look(caller: AuthenticatedUser, licenseId: LicenseId): Promise<Look | null> {
    return this.unitOfWork.run(caller, async (tx) => {
      const [license] = await this.licenses.byIds(tx, [licenseId]);
      return license ? { license, mark: JSON.stringify([license.state, license.validUntil, (await this.licenses.usage(tx, [licenseId])).get(licenseId)]) } : null;
    });
  }

  private notify(licenseId: string): void {
    const concerned = licenseId === '*' ? [...this.watchers.values()].flatMap((set) => [...set]) : [...(this.watchers.get(licenseId) ?? [])];
    for (const watcher of concerned) watcher.notice();
  }

  private add(licenseId: LicenseId, watcher: Watcher): void {
    this.watchers.set(licenseId, (this.watchers.get(licenseId) ?? new Set()).add(watcher));
  }

  private remove(licenseId: LicenseId, watcher: Watcher): void {
    watcher.close();
    const set = this.watchers.get(licenseId);
    set?.delete(watcher);
    if (set?.size === 0) this.watchers.delete(licenseId);
  }
}

async function* follow(look: () => Promise<Look | null>, watcher: Watcher, first: Look): AsyncGenerator<License, void> {
  let seen = first;
  yield first.license;
  while (!watcher.closed && seen.license.state !== 'REVOKED') {
    const noticed = await watcher.next();
    const now = watcher.closed ? null : await look();
    if (!now) return;
    const changed = noticed || now.mark !== seen.mark;
    seen = now;
    if (changed) yield now.license;
  }
}

class Watcher {
  closed = false;
  private noticed = false;
  private wakeUp: (() => void) | null = null;

  notice(): void {
    this.noticed = true;
    this.wakeUp?.();
  }

  /** Waits for a notice, at most until it is time to look without one; resolves to whether there was one. */
  async next(): Promise<boolean> {
    if (!this.noticed && !this.closed) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, LOOK_MS);
        this.wakeUp = () => { clearTimeout(timer); resolve(); };
      });
      this.wakeUp = null;
    }
    const { noticed } = this;
    this.noticed = false;
    return noticed;
  }

  close(): void {
    this.closed = true;
    this.wakeUp?.();
  }
}
