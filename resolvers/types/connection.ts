import { Directive, Field, Int, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import { AS_PARENT } from '../cached';

@Directive(AS_PARENT)
@Directive('@shareable')
@ObjectType({ description: 'Where a page lies within everything that was asked for.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after this page: ask for it with `after: endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the page follows another one, that is, whether `after` was given.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first entry; null when the page is empty.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last entry; null when the page is empty.' })
  endCursor!: string | null;
}

export interface EdgeOf<Node> {
  readonly cursor: string;
  readonly node: Node;
}
export interface ConnectionOf<Node> {
  readonly edges: readonly EdgeOf<Node>[];
  readonly pageInfo: PageInfo;
  totalCount(): Promise<number> | number;
}

/** `<Name>Edge` and `<Name>Connection`; `plural` names the nodes in their descriptions. */
export function connectionTypes(name: string, plural: string, nodeType: () => ClassType): { Connection: ClassType; Edge: ClassType } {
  @Directive(AS_PARENT)
  @ObjectType(`${name}Edge`, { description: `One entry of a page of ${plural}.` })
  class Edge {
    @Field(() => String, { description: 'Names this place: with `after`, the page that follows it. Opaque, and valid for the same arguments only.' })
    cursor!: string;

    @Field(nodeType, { description: 'The entry itself.' })
    node!: unknown;
  }

  @Directive(AS_PARENT)
  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  class Connection {
    @Field(() => [Edge], { description: 'The page’s entries, in order.' })
    edges!: Edge[];

    @Field(() => PageInfo, { description: 'Whether there is more, and how to get at it.' })
    pageInfo!: PageInfo;

    /** A function of the node's view, called by GraphQL only when the field is selected. */
    @Field(() => Int, { nullable: true, description: `How many ${plural} there are on all pages. Counted only when selected.` })
    totalCount!: number | null;
  }
  return { Connection, Edge };
}
