import { Directive, Field, ID, ObjectType } from 'type-graphql';

@Directive('@key(fields: "id")')
@ObjectType('Course', { description: 'A course, held by the catalog; here is what the marketplace knows of it.' })
export class CourseType {
  @Field(() => ID, { description: 'The id by which the catalog knows it.' })
  id!: string;
}
