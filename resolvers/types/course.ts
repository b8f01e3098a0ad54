import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { AS_PARENT } from '../cached';

@Directive(AS_PARENT)
@Directive('@key(fields: "id")')
@ObjectType('Course', { description: 'A course, held by the catalog; here is what the marketplace knows of it.' })
export class CourseType {
  @Field(() => ID, { description: 'The id by which the catalog knows it.' })
  id!: string;
}
