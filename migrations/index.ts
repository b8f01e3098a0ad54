import { Foundations1764000000001 } from './1764000000001-foundations';
import { Listings1764000000002 } from './1764000000002-listings';
import { Orders1764000000003 } from './1764000000003-orders';
import { Licenses1764000000004 } from './1764000000004-licenses';
import { Sagas1764000000005 } from './1764000000005-sagas';
import { Messaging1764000000006 } from './1764000000006-messaging';
import { Refunds1764000000011 } from './1764000000011-refunds';

/** All migrations, oldest first. Append only. */
export const MIGRATIONS = [
  Foundations1764000000001,
  Listings1764000000002,
  Orders1764000000003,
  Licenses1764000000004,
  Sagas1764000000005,
  Messaging1764000000006,
  Refunds1764000000011,
];
