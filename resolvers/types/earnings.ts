import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { LedgerEntryKind as Kind } from '../../src/domain/ledger/journal';
import type { OrderStatus as Status } from '../../src/domain/order/order-status';
import { connectionTypes } from './connection';
import { LedgerEntryKind, OrderStatus } from './enums';
import { MoneyType } from './money';
import { CurrencyCodeScalar, DateScalar, DateTimeScalar } from './scalars';

@ObjectType('EarningsBalance', { description: 'What a provider has earned in one currency: pending, available and paid out are together the lifetime’s gross less its fee.' })
export class EarningsBalanceType {
  @Field(() => CurrencyCodeScalar, { description: 'The currency of all its amounts.' })
  currency!: string;

  @Field(() => MoneyType, { description: 'Earned by sales that their buyers can still give back, or are giving back.' })
  pending!: MoneyType;

  @Field(() => MoneyType, { description: 'Earned for good, and not yet paid out. Negative where money went back after it had been paid out.' })
  available!: MoneyType;

  @Field(() => MoneyType, { description: 'Paid out so far.' })
  paidOut!: MoneyType;

  @Field(() => MoneyType, { description: 'Everything ever sold, less what was taken back.' })
  lifetimeGross!: MoneyType;

  @Field(() => MoneyType, { description: 'What the platform has kept of it.' })
  lifetimePlatformFee!: MoneyType;
}

@ObjectType('ProviderSale', { description: 'An order line as its provider sees it: never who bought.' })
export class ProviderSaleType {
  @Field(() => ID, { description: 'The id of the order line.' })
  id!: string;

  @Field(() => String, { description: 'The order’s number: what to name towards support.' })
  orderNumber!: string;

  @Field(() => DateTimeScalar, { description: 'When it was ordered.' })
  placedAt!: Date;

  @Field(() => OrderStatus, { description: 'Where the order stands. It is earned once FULFILLED.' })
  status!: Status;

  @Field(() => String, { description: 'The plan’s name at the time.' })
  planName!: string;

  @Field(() => Int, { description: 'How many units of the plan.' })
  quantity!: number;

  @Field(() => MoneyType, { description: 'The price less what the provider itself gave off it.' })
  gross!: MoneyType;

  @Field(() => MoneyType, { description: 'What the provider itself gave off.' })
  discount!: MoneyType;

  @Field(() => MoneyType, { description: 'What the platform keeps of the gross.' })
  platformFee!: MoneyType;

  @Field(() => MoneyType, { description: 'What the provider earns by it: gross − fee, before anything is taken back.' })
  net!: MoneyType;

  @Field(() => MoneyType, { description: 'Of the gross, what was taken back.' })
  refunded!: MoneyType;
}

@ObjectType('LedgerEntry', { description: 'One booking on a provider’s earnings. What takes back is negative.' })
export class LedgerEntryType {
  @Field(() => ID, { description: 'The id of the entry.' })
  id!: string;

  @Field(() => LedgerEntryKind, { description: 'What was booked.' })
  kind!: Kind;

  @Field(() => DateTimeScalar, { description: 'When it was booked.' })
  at!: Date;

  @Field(() => MoneyType, { description: 'The price less what the provider itself gave off it; of a payout the whole amount.' })
  gross!: MoneyType;

  @Field(() => MoneyType, { description: 'What the platform keeps of the gross.' })
  platformFee!: MoneyType;

  @Field(() => MoneyType, { description: 'What the provider gains: gross − fee. What is paid out is negative.' })
  net!: MoneyType;
}

@ObjectType('SalesPoint', { description: 'What a provider sold on one day (UTC) in one currency.' })
export class SalesPointType {
  @Field(() => DateScalar, { description: 'The day.' })
  date!: string;

  @Field(() => Int, { description: 'How many orders with something of the provider were fulfilled, free ones too.' })
  orders!: number;

  @Field(() => MoneyType, { description: 'The gross of what was fulfilled.' })
  gross!: MoneyType;

  @Field(() => MoneyType, { description: 'Of it, what the provider earned.' })
  net!: MoneyType;

  @Field(() => MoneyType, { description: 'The gross that was taken back on the day, whenever it had been sold.' })
  refunds!: MoneyType;
}

export const { Connection: ProviderSaleConnection, Edge: ProviderSaleEdge } = connectionTypes('ProviderSale', 'sales', () => ProviderSaleType);
export const { Connection: LedgerEntryConnection, Edge: LedgerEntryEdge } = connectionTypes('LedgerEntry', 'entries', () => LedgerEntryType);
