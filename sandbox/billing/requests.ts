import { z } from 'zod';

const minorUnits = z.string().regex(/^(0|[1-9]\d{0,17})$/, 'minor units as a decimal string');

/** Body of POST /api/v1/payments/process; unknown members are let through, as a tolerant API does. */
export const processRequest = z
  .object({
    orderId: z.guid(),
    tenantId: z.guid(),
    buyerId: z.string().min(1),
    currency: z.string().regex(/^[A-Z]{3}$/),
    netAmountMinor: minorUnits,
    lines: z.array(z.unknown()),
    mode: z.enum(['checkout', 'off_session', 'setup']),
    offSessionUse: z.literal(true).exactOptional(),
    returnUrl: z.url().exactOptional(),
  })
  .refine(({ mode, netAmountMinor }) => mode === 'setup' || netAmountMinor !== '0', {
    path: ['netAmountMinor'],
    message: 'nothing to pay: only mode setup takes 0',
  });
export type ProcessRequest = z.infer<typeof processRequest>;

const reason = z.string().min(1).default('requested');

/** Body of POST /api/v1/payments/{id}/refunds. */
export const refundRequest = z.union([
  z.object({ full: z.literal(true), reason }),
  z.object({ netAmountMinor: minorUnits, full: z.literal(false).exactOptional(), reason }),
]);
export type RefundRequest = z.infer<typeof refundRequest>;
