/*
 * How long an anonymous caller's answer may be kept by a shared cache (`Cache-Control`, infrastructure/http/cache-control.ts). What has no
 * hint may not be kept at all, so that one private part makes the whole answer private; and an answer to anybody with
 * a token is never public. There is no `scope`: whatever may be kept may be kept for all.
 */

/** On a public query: kept for a minute. What is sold is decided when an order is placed, never by such an answer. */
export const CACHED = '@cacheControl(maxAge: 60)';

/** On a type that is as public as what leads to it. */
export const AS_PARENT = '@cacheControl(inheritMaxAge: true)';

/** On a scalar that depends on who asks: scalars are otherwise kept as long as their parent. */
export const NOT_CACHED = '@cacheControl(maxAge: 0)';
