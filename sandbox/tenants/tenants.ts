import type { Neighbour, NeighbourContext } from '../neighbour';

/** tenant-service: knows every tenant, and says of it what the switches `kyc` and `policies` say. */
export function tenants({ behaviour }: NeighbourContext): Neighbour {
  return {
    prefix: '/tenants',
    api: async (app) => {
      app.get<{ Params: { id: string } }>('/api/v1/tenants/:id/kyc', async ({ params }) => ({
        status: behaviour.of(params.id).kyc,
      }));
      app.get<{ Params: { id: string } }>('/api/v1/tenants/:id/policies', async ({ params }) => behaviour.of(params.id).policies);
    },
  };
}
