import type { JetStreamManager } from 'nats';
import { RetentionPolicy, StorageType } from 'nats';

/** The streams that the neighbours own; MARKETPLACE is the marketplace's. */
const NEIGHBOUR_STREAMS = ['BILLING', 'ENROLLMENT', 'CONTENT', 'CATALOG', 'GDPR'] as const;

/** Creates what is missing and leaves alone what is there. */
export async function ensureNeighbourStreams(jsm: JetStreamManager): Promise<void> {
  for (const name of NEIGHBOUR_STREAMS) {
    const exists = await jsm.streams.info(name).then(() => true, isStreamMissing);
    if (exists) continue;
    await jsm.streams.add({
      name,
      subjects: [`${name.toLowerCase()}.>`],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
    });
  }
}

/** False for a missing stream; anything else is thrown on. */
function isStreamMissing(error: unknown): false {
  if (error instanceof Error && error.message.includes('stream not found')) return false;
  throw error;
}
