import type { FastifyPluginAsync } from 'fastify';
import { parse } from '../http/problem';
import { behaviourChangeSchema, effectiveBehaviour, mergeBehaviour } from './behaviour';
import type { Behaviour, BehaviourChange, BehaviourSettings } from './behaviour';

/** Which switches are set, globally and for single tenants. */
export class BehaviourRegister {
  private global: BehaviourSettings = {};
  private readonly tenants = new Map<string, BehaviourSettings>();

  of(tenantId: string): Behaviour {
    return effectiveBehaviour(this.global, this.tenants.get(tenantId) ?? {});
  }

  change(tenantId: string | undefined, change: BehaviourChange): void {
    if (tenantId === undefined) this.global = mergeBehaviour(this.global, change);
    else this.tenants.set(tenantId, mergeBehaviour(this.tenants.get(tenantId) ?? {}, change));
  }

  /** Takes back what is set for one tenant, or everything. */
  reset(tenantId?: string): void {
    if (tenantId !== undefined) {
      this.tenants.delete(tenantId);
      return;
    }
    this.global = {};
    this.tenants.clear();
  }

  show(tenantId?: string): object {
    if (tenantId !== undefined) {
      return { tid: tenantId, set: this.tenants.get(tenantId) ?? {}, effective: this.of(tenantId) };
    }
    return { global: this.global, tenants: Object.fromEntries(this.tenants), effective: effectiveBehaviour(this.global, {}) };
  }
}

export function behaviourControls(register: BehaviourRegister): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Querystring: { tid?: string } }>('/behaviour', async ({ query }) => register.show(query.tid));

    app.put('/behaviour', async ({ body }) => {
      const { tid, ...change } = parse(behaviourChangeSchema, body);
      register.change(tid, change);
      return register.show(tid);
    });

    app.delete<{ Querystring: { tid?: string } }>('/behaviour', async ({ query }) => {
      register.reset(query.tid);
      return register.show(query.tid);
    });
  };
}
