import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import { AS_PARENT } from '../cached';
import { AssetType } from './listing';
import { AssetInput } from './listing-inputs';
import { CurrencyCodeScalar } from './scalars';
import { payloadType } from './user-error';

const TEXTS = {
  accentColor: 'The colour that goes with the logo, written as "#rrggbb".',
  defaultCurrency: 'The currency to begin with; one of `currencies`.',
} as const;

@Directive(AS_PARENT)
@Directive('@key(fields: "id")')
@Directive('@key(fields: "slug")')
@ObjectType('Storefront', { description: 'An organisation’s own shop window, with its name and colours. Everybody may look and buy.' })
export class StorefrontType {
  @Field(() => ID, { description: 'The id of the storefront.' })
  id!: string;

  @Field(() => String, { description: 'The part of its address that names it; unique.' })
  slug!: string;

  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => AssetType, { nullable: true, description: 'The logo.' })
  logo!: AssetType | null;

  @Field(() => String, { nullable: true, description: TEXTS.accentColor })
  accentColor!: string | null;

  @Field(() => [CurrencyCodeScalar], { description: 'The currencies that can be paid in, in the order in which they are offered.' })
  currencies!: string[];

  @Field(() => CurrencyCodeScalar, { description: TEXTS.defaultCurrency })
  defaultCurrency!: string;

  @Field(() => Boolean, { description: 'True: it sells only what was chosen for it; false: every live listing.' })
  curated!: boolean;
}

@InputType({ description: 'All of what a storefront is. What is left out is cleared.' })
export class StorefrontInput {
  @Field(() => ID, { nullable: true, description: 'The storefront to change, of one’s own organisation; left out: a new one.' })
  id?: string | null;

  @Field(() => String, { description: 'The part of its address that names it: 3 to 63 letters a to z, digits and hyphens, with no hyphen at its ends. No other storefront’s.' })
  slug!: string;

  @Field(() => String, { description: 'What it is called: one line of 1 to 120 characters.' })
  name!: string;

  @Field(() => AssetInput, { nullable: true, description: 'The logo.' })
  logo?: AssetInput | null;

  @Field(() => String, { nullable: true, description: TEXTS.accentColor })
  accentColor?: string | null;

  @Field(() => [CurrencyCodeScalar], { description: 'The currencies that can be paid in, 1 to 20, each once, in the order in which they are offered.' })
  currencies!: string[];

  @Field(() => CurrencyCodeScalar, { description: TEXTS.defaultCurrency })
  defaultCurrency!: string;

  @Field(() => Boolean, { defaultValue: false, description: 'True: it sells only what `setStorefrontListings` chooses; false: every live listing.' })
  curated!: boolean;
}

export const StorefrontPayload = payloadType('Storefront', 'storefront', 'a storefront', () => StorefrontType);
