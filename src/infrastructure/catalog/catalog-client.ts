import { z } from 'zod';
import type { Catalog, CatalogVersion } from '../../application/ports/catalog';
import { type CourseId, type CourseVersionId, parseId, type TenantId } from '../../domain/ids';
import { getJson, type NeighbourAddress } from '../neighbours/get-json';

const versionAnswer = z.object({
  courseId: id<CourseId>(),
  versionId: id<CourseVersionId>(),
  ownerTenantId: id<TenantId>(),
  status: z.string(),
  title: z.string(),
});

/** catalog-service over HTTP (contract: neighbours). */
export class CatalogClient implements Catalog {
  private readonly address: NeighbourAddress;

  /** @param baseUrl `CATALOG_URL` */
  constructor(baseUrl: string, timeoutMs?: number) {
    this.address = { name: 'catalog-service', baseUrl, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  }

  async findVersion(courseId: CourseId, courseVersionId: CourseVersionId): Promise<CatalogVersion | null> {
    const answer = await getJson(this.address, `/api/v1/courses/${courseId}/versions/${courseVersionId}`, versionAnswer);
    if (answer === null) return null;
    const { versionId, ownerTenantId, status, title } = answer;
    return { courseVersionId: versionId, courseId: answer.courseId, ownerTenantId, title, published: status === 'published' };
  }
}

/** A UUID in our one form. */
function id<Id extends string>() {
  return z.string().transform((text, context): Id => {
    const parsed = parseId<Id>(text);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: 'is no UUID' });
    return z.NEVER;
  });
}
