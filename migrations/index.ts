import { Foundations1764000000001 } from './1764000000001-foundations';
import { Listings1764000000002 } from './1764000000002-listings';
import { Orders1764000000003 } from './1764000000003-orders';
import { Licenses1764000000004 } from './1764000000004-licenses';
import { Sagas1764000000005 } from './1764000000005-sagas';
import { Messaging1764000000006 } from './1764000000006-messaging';
import { Catalogue1764000000007 } from './1764000000007-catalogue';
import { Coupons1764000000008 } from './1764000000008-coupons';
import { Ledger1764000000009 } from './1764000000009-ledger';
import { Seats1764000000010 } from './1764000000010-seats';
import { Refunds1764000000011 } from './1764000000011-refunds';
import { Operators1764000000012 } from './1764000000012-operators';
import { Storefronts1764000000013 } from './1764000000013-storefronts';
import { Payouts1764000000014 } from './1764000000014-payouts';
import { Gdpr1764000000017 } from './1764000000017-gdpr';
import { LazyPolicies1764000000018 } from './1764000000018-lazy-policies';
import { StateGuards1764000000019 } from './1764000000019-state-guards';
import { Subscriptions1764000000020 } from './1764000000020-subscriptions';
import { SagaTraces1764000000021 } from './1764000000021-saga-traces';
import { UntoldLicenses1764000000022 } from './1764000000022-untold-licenses';
import { SeatPlaces1764000000023 } from './1764000000023-seat-places';

/** All migrations, oldest first. Append only. */
export const MIGRATIONS = [
  Foundations1764000000001,
  Listings1764000000002,
  Orders1764000000003,
  Licenses1764000000004,
  Sagas1764000000005,
  Messaging1764000000006,
  Catalogue1764000000007,
  Coupons1764000000008,
  Ledger1764000000009,
  Seats1764000000010,
  Refunds1764000000011,
  Operators1764000000012,
  Storefronts1764000000013,
  Payouts1764000000014,
  Gdpr1764000000017,
  LazyPolicies1764000000018,
  StateGuards1764000000019,
  Subscriptions1764000000020,
  SagaTraces1764000000021,
  UntoldLicenses1764000000022,
  SeatPlaces1764000000023,
];
