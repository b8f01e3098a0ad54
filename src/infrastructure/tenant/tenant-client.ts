import { z } from 'zod';
import type { KycStatus, Tenants } from '../../application/ports/tenants';
import type { TenantPolicies } from '../../application/ports/tenant-policies';
import type { TenantId } from '../../domain/ids';
import { EVERYTHING_ALLOWED } from '../../domain/pricing/purchase-policy';
import type { PurchasePolicy } from '../../domain/pricing/purchase-policy';
import { getJson, type NeighbourAddress } from '../neighbours/get-json';

const kycAnswer = z.object({ status: z.enum(['verified', 'pending', 'rejected']) });

const minorUnits = z.string().regex(/^\d{1,18}$/).transform((text) => BigInt(text)).optional();
const policiesAnswer = z.object({
  allowedCurrencies: z.array(z.string()).nullish(),
  purchaseCaps: z.array(z.object({ currency: z.string(), perOrderMinor: minorUnits, perMonthMinor: minorUnits })).nullish(),
});

/** tenant-service over HTTP (contract: neighbours). Nothing is cached here. */
export class TenantClient implements Tenants, TenantPolicies {
  private readonly address: NeighbourAddress;

  /** @param baseUrl `TENANT_URL` */
  constructor(baseUrl: string, timeoutMs?: number) {
    this.address = { name: 'tenant-service', baseUrl, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  }

  async kycStatus(tenantId: TenantId): Promise<KycStatus | null> {
    return (await getJson(this.address, `/api/v1/tenants/${tenantId}/kyc`, kycAnswer))?.status ?? null;
  }

  async of(tenantId: TenantId): Promise<PurchasePolicy> {
    const answer = await getJson(this.address, `/api/v1/tenants/${tenantId}/policies`, policiesAnswer);
    if (answer === null) return EVERYTHING_ALLOWED;
    return {
      allowedCurrencies: answer.allowedCurrencies ?? null,
      purchaseCaps: (answer.purchaseCaps ?? []).map(({ currency, perOrderMinor = null, perMonthMinor = null }) => ({ currency, perOrderMinor, perMonthMinor })),
    };
  }
}
