import { FieldResolver, Resolver, Root } from 'type-graphql';
import { toDecimal } from '../src/domain/money';
import type { Money } from '../src/domain/money';
import { MoneyType } from './types/money';
import { DecimalScalar } from './types/scalars';

@Resolver(() => MoneyType)
export class MoneyResolver {
  @FieldResolver(() => DecimalScalar)
  amount(@Root() money: Money): string {
    return toDecimal(money);
  }
}
