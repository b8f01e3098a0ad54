/*
 * What callers ask for, as it comes from outside: ids and amounts are still texts and nothing is checked yet.
 * Absent and null mean the same where a thing is made; in an update absent keeps what is there and null clears it.
 */

export interface AssetInput {
  readonly url: string;
  readonly alt: string;
  readonly width?: number | null | undefined;
  readonly height?: number | null | undefined;
}

export interface CreateListingInput {
  readonly courseId: string;
  readonly courseVersionId: string;
  readonly title: string;
  readonly tagline?: string | null | undefined;
  readonly description: string;
  readonly heroImage?: AssetInput | null | undefined;
  readonly screenshots?: readonly AssetInput[] | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

export interface UpdateListingInput {
  readonly id: string;
  readonly expectedVersion?: number | null | undefined;
  /** Null is refused: a listing always has a title and a description. */
  readonly title?: string | null | undefined;
  readonly tagline?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly heroImage?: AssetInput | null | undefined;
  readonly screenshots?: readonly AssetInput[] | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

/** Names a listing and, if wished, the version that the caller saw: another one means VERSION_CONFLICT. */
export interface ListingReference {
  readonly id: string;
  readonly expectedVersion?: number | null | undefined;
}
/** What was reviewed is what is decided on: here the version is needed. */
export interface ApproveListingInput {
  readonly id: string;
  readonly expectedVersion: number;
}
export interface RejectListingInput extends ApproveListingInput {
  readonly reason: string;
}
export interface RetargetListingInput extends ListingReference {
  readonly courseVersionId: string;
}
export interface FeatureListingInput {
  readonly id: string;
  readonly featured: boolean;
}
export interface SuspendListingInput {
  readonly id: string;
  readonly reason: string;
}
