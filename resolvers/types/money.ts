import { Directive, Field, InputType, ObjectType } from 'type-graphql';
import { AS_PARENT } from '../cached';
import { CurrencyCodeScalar, DecimalScalar } from './scalars';

@Directive(AS_PARENT)
@Directive('@shareable')
@ObjectType('Money', { description: 'An amount of money, net of tax.' })
export class MoneyType {
  @Field(() => DecimalScalar, { description: 'The amount in the currency’s main unit, padded to its digits: "49.00".' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency of the amount.' })
  currency!: string;
}

@InputType({ description: 'An amount of money, net of tax.' })
export class MoneyInput {
  @Field(() => DecimalScalar, { description: 'The amount in the currency’s main unit, with at most the currency’s digits: "49.00".' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency of the amount.' })
  currency!: string;
}
