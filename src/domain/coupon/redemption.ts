export const REDEMPTION_STATES = ['RESERVED', 'REDEEMED', 'RELEASED'] as const;
export type RedemptionState = (typeof REDEMPTION_STATES)[number];

/** Every legal change of a coupon's use (domain-rules, "Coupons"): released once, from either state. The database holds the same table. */
export const REDEMPTION_EDGES: Readonly<Record<RedemptionState, readonly RedemptionState[]>> = {
  RESERVED: ['REDEEMED', 'RELEASED'],
  REDEEMED: ['RELEASED'],
  RELEASED: [],
};

export function redemptionMayBecome(from: RedemptionState, to: RedemptionState): boolean {
  return REDEMPTION_EDGES[from].includes(to);
}
