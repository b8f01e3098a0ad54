'use strict';
/*
 * What a replica of a chaos run loads before anything else (`node --require`). Nothing in the service knows of it.
 * CHAOS_CLOCK_SKEW_MS: by how much this process's clock is off. CHAOS_NEXT_DEFINITION: it is of the next release,
 * which has a second version of the purchase saga.
 */
const Module = require('node:module');

const skewMs = Number(process.env.CHAOS_CLOCK_SKEW_MS ?? 0);
if (skewMs !== 0) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      if (given.length === 0) super(RealDate.now() + skewMs);
      else super(...given);
    }
    static now() {
      return RealDate.now() + skewMs;
    }
  };
}

if (process.env.CHAOS_NEXT_DEFINITION) {
  const load = Module._load;
  Module._load = function (request, parent, ...rest) {
    const loaded = load.call(this, request, parent, ...rest);
    if (!/(^|\/)saga\/engine$/.test(request) || !/composition\.js$/.test(parent?.filename ?? '')) return loaded;
    return { ...loaded, SagaEngine: ofNextRelease(loaded.SagaEngine) };
  };
}

/** The engine with one definition more: sagas under way keep version 1, new ones begin with version 2. */
function ofNextRelease(SagaEngine) {
  return class extends SagaEngine {
    constructor(parts) {
      const newest = parts.definitions.at(-1);
      const next = { ...newest, version: newest.version + 1 };
      super(newest.name === 'marketplace.purchase' ? { ...parts, definitions: [...parts.definitions, next] } : parts);
    }
  };
}
