import { Field, ID, InputType, Int } from 'type-graphql';
import { UrlScalar } from './scalars';

@InputType({ description: 'An image of a listing or a storefront.' })
export class AssetInput {
  @Field(() => UrlScalar, { description: 'Where the image is; http or https.' })
  url!: string;

  @Field(() => String, { description: 'What it shows, for those who cannot see it. At most 300 characters.' })
  alt!: string;

  @Field(() => Int, { nullable: true, description: 'Its width in pixels.' })
  width?: number | null;

  @Field(() => Int, { nullable: true, description: 'Its height in pixels.' })
  height?: number | null;
}

const TITLE = 'The name under which it is sold: one line of 1 to 200 characters.';
const TAGLINE = 'A line that goes with the title, of at most 300 characters.';
const DESCRIPTION = 'What buyers should know, in Markdown: 1 to 20,000 characters.';
const HERO_IMAGE = 'The image at the top.';
const SCREENSHOTS = 'Further images, in the order in which they are shown; at most 12.';
const TAGS = 'Words by which it can be found; at most 20, kept in lower case and each once.';

@InputType({ description: 'A new listing; it begins as a DRAFT.' })
export class CreateListingInput {
  @Field(() => ID, { description: 'The course to sell; one’s own.' })
  courseId!: string;

  @Field(() => ID, { description: 'The exact version of it.' })
  courseVersionId!: string;

  @Field(() => String, { description: TITLE })
  title!: string;

  @Field(() => String, { nullable: true, description: TAGLINE })
  tagline?: string | null;

  @Field(() => String, { description: DESCRIPTION })
  description!: string;

  @Field(() => AssetInput, { nullable: true, description: HERO_IMAGE })
  heroImage?: AssetInput | null;

  @Field(() => [AssetInput], { nullable: true, defaultValue: [], description: SCREENSHOTS })
  screenshots?: AssetInput[] | null;

  @Field(() => [String], { nullable: true, defaultValue: [], description: TAGS })
  tags?: string[] | null;
}

@InputType({ description: 'Changes to a listing’s copy. What is left out stays; what is null is cleared.' })
export class UpdateListingInput {
  @Field(() => ID, { description: 'The listing to change; one’s own, and not under review.' })
  id!: string;

  @Field(() => Int, { nullable: true, description: 'The `version` that the changes are meant for: another one is a VERSION_CONFLICT.' })
  expectedVersion?: number | null;

  @Field(() => String, { nullable: true, description: TITLE })
  title?: string | null;

  @Field(() => String, { nullable: true, description: TAGLINE })
  tagline?: string | null;

  @Field(() => String, { nullable: true, description: DESCRIPTION })
  description?: string | null;

  @Field(() => AssetInput, { nullable: true, description: HERO_IMAGE })
  heroImage?: AssetInput | null;

  @Field(() => [AssetInput], { nullable: true, description: SCREENSHOTS })
  screenshots?: AssetInput[] | null;

  @Field(() => [String], { nullable: true, description: TAGS })
  tags?: string[] | null;
}
