/** Every TypeORM entity. */
export const ENTITIES = [];
