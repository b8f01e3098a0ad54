import fc from 'fast-check';
import { aCourseVersion, aListing, aPlan, REVIEWER } from '../../../test/support/listing-examples';
import type { CourseVersionId } from '../ids';
import { decideListing, draftListing, type ListingCommand, type ListingDecision, type ListingFacts } from './decide';
import { LISTING_COMMANDS, LISTING_TRANSITIONS, possibleCommands, targetOf } from './lifecycle';
import { type CourseVersion, type Listing, LISTING_STATUSES, type ListingStatus } from './listing';

const NOW = new Date('2026-02-03T10:00:00.000Z');
const OCCASION = { actorId: REVIEWER, now: NOW };
const READY: ListingFacts = { courseVersion: aCourseVersion(), plans: [aPlan()] };

const NEXT_VERSION = '0197d7a0-0000-7000-8000-0000000000d2' as CourseVersionId;
const COMMANDS: { readonly [Name in ListingCommand['type']]: Extract<ListingCommand, { type: Name }> } = {
  update: { type: 'update', copy: { title: 'Better knots' } },
  submit: { type: 'submit' },
  withdraw: { type: 'withdraw' },
  approve: { type: 'approve', kycVerified: true },
  reject: { type: 'reject', reason: 'The description is empty talk.' },
  publish: { type: 'publish' },
  suspend: { type: 'suspend', reason: 'Copyright complaint.' },
  reinstate: { type: 'reinstate' },
  retarget: { type: 'retarget', courseVersion: aCourseVersion({ courseVersionId: NEXT_VERSION }) },
  feature: { type: 'feature', featured: true },
  archive: { type: 'archive' },
};

function listingIn(status: ListingStatus, details: Partial<Listing> = {}): Listing {
  return aListing({ status, suspendedFrom: status === 'SUSPENDED' ? 'LIVE' : null, liveAt: status === 'LIVE' ? NOW : null, ...details });
}
function decide(listing: Listing, command: ListingCommand, facts = READY): ListingDecision {
  return decideListing(listing, command, facts, OCCASION);
}
/** Two versions in turn: a listing is never retargeted to what it sells already. */
function otherThan({ courseVersionId }: Listing) {
  return aCourseVersion(courseVersionId === NEXT_VERSION ? {} : { courseVersionId: NEXT_VERSION });
}
function after(decision: ListingDecision): Listing {
  if (!decision.ok) throw new Error(decision.problems.map(({ message }) => message).join(' '));
  return decision.listing;
}
function codes(decision: ListingDecision): string[] {
  return decision.ok ? [] : decision.problems.map(({ code }) => code);
}

describe('what can be done to a listing', () => {
  it.each<[ListingStatus, ListingCommand['type'], ListingStatus]>([
    ['DRAFT', 'update', 'DRAFT'], ['DRAFT', 'submit', 'SUBMITTED'],
    ['SUBMITTED', 'withdraw', 'DRAFT'], ['SUBMITTED', 'reject', 'DRAFT'], ['SUBMITTED', 'approve', 'APPROVED'],
    ['APPROVED', 'update', 'APPROVED'], ['APPROVED', 'publish', 'LIVE'], ['APPROVED', 'suspend', 'SUSPENDED'],
    ['LIVE', 'update', 'LIVE'], ['LIVE', 'suspend', 'SUSPENDED'],
    ['SUSPENDED', 'update', 'SUSPENDED'], ['SUSPENDED', 'reinstate', 'LIVE'],
    ['DRAFT', 'retarget', 'DRAFT'], ['APPROVED', 'retarget', 'APPROVED'], ['LIVE', 'retarget', 'LIVE'], ['SUSPENDED', 'retarget', 'SUSPENDED'],
    ['DRAFT', 'feature', 'DRAFT'], ['APPROVED', 'feature', 'APPROVED'], ['LIVE', 'feature', 'LIVE'], ['SUSPENDED', 'feature', 'SUSPENDED'],
    ['DRAFT', 'archive', 'ARCHIVED'], ['SUBMITTED', 'archive', 'ARCHIVED'], ['APPROVED', 'archive', 'ARCHIVED'], ['LIVE', 'archive', 'ARCHIVED'], ['SUSPENDED', 'archive', 'ARCHIVED'],
  ])('%s, %s → %s', (from, command, to) => {
    const listing = listingIn(from);
    const decision = decide(listing, COMMANDS[command]);
    expect(decision).toMatchObject({ ok: true, listing: { status: to, version: listing.version + 1, updatedAt: NOW } });
    expect(decision).toMatchObject({ transition: { from, to, version: listing.version + 1, actorId: REVIEWER, at: NOW } });
  });

  it('refuses every command that the table does not have, and says what is possible instead', () => {
    fc.assert(fc.property(fc.constantFrom(...LISTING_STATUSES), fc.constantFrom(...LISTING_COMMANDS), (status, command) => {
      fc.pre(!(command in LISTING_TRANSITIONS[status]));
      const decision = decide(listingIn(status), COMMANDS[command]);
      expect(decision).toMatchObject({
        ok: false,
        problems: [{ code: 'ILLEGAL_TRANSITION', params: { status, command, possible: possibleCommands(status).join(',') } }],
      });
    }));
  });

  it('never leaves the table, whatever is done in whatever order', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...LISTING_COMMANDS), { maxLength: 30 }), (commands) => {
      let listing = listingIn('DRAFT', { version: 1 });
      let accepted = 0;
      for (const command of commands) {
        const expected = targetOf(listing, command);
        const decision = decide(listing, command === 'retarget' ? { type: command, courseVersion: otherThan(listing) } : COMMANDS[command]);
        expect(decision.ok).toBe(expected !== null);
        if (!decision.ok) continue;
        accepted++;
        listing = decision.listing;
        expect(listing.status).toBe(expected);
        expect(listing.suspendedFrom === null).toBe(listing.status !== 'SUSPENDED');
      }
      expect(listing.version).toBe(1 + accepted);
    }));
  });

  it('explains a refusal in words', () => {
    expect(decide(listingIn('LIVE'), COMMANDS.submit)).toMatchObject({ problems: [{ message: 'A listing that is LIVE cannot be submitted; it can be updated, suspended, retargeted, featured or archived.' }] });
    expect(decide(listingIn('ARCHIVED'), COMMANDS.update)).toMatchObject({ problems: [{ message: 'A listing that is ARCHIVED cannot be updated; that is final.' }] });
  });
});

describe('a draft', () => {
  const { id, providerTenantId, courseId, courseVersionId, ...copy } = aListing();
  const identity = { id, providerTenantId, courseId, courseVersionId };

  it('begins at version 1, with its first entry of history', () => {
    expect(draftListing(identity, copy, OCCASION)).toMatchObject({
      ok: true,
      listing: { ...identity, status: 'DRAFT', version: 1, createdAt: NOW, liveAt: null },
      transition: { from: null, to: 'DRAFT', version: 1 },
    });
  });

  it('is refused with everything that is wrong with its copy at once', () => {
    expect(codes(draftListing(identity, { ...copy, title: ' ', description: '' }, OCCASION))).toEqual(['INVALID_INPUT', 'INVALID_INPUT']);
  });
});

describe('submitting', () => {
  it('needs a published course version and an active plan, and names both when both are missing', () => {
    const facts = { courseVersion: aCourseVersion({ publishedAt: null }), plans: [aPlan({ active: false })] };
    expect(codes(decide(listingIn('DRAFT'), COMMANDS.submit, facts))).toEqual(['COURSE_VERSION_NOT_PUBLISHED', 'NO_ACTIVE_PLAN']);
    expect(codes(decide(listingIn('DRAFT'), COMMANDS.submit, { courseVersion: null, plans: [] }))).toEqual(['COURSE_VERSION_NOT_PUBLISHED', 'NO_ACTIVE_PLAN']);
  });

  it('does not need the play package, which may be built meanwhile', () => {
    expect(decide(listingIn('DRAFT'), COMMANDS.submit, { ...READY, courseVersion: aCourseVersion({ playPackageId: null }) }).ok).toBe(true);
  });

  it('takes the reason of an earlier rejection off', () => {
    expect(after(decide(listingIn('DRAFT', { statusReason: 'Too short.' }), COMMANDS.submit)).statusReason).toBeNull();
  });
});

describe('reviewing', () => {
  it('approves nobody whose identity is not verified', () => {
    expect(codes(decide(listingIn('SUBMITTED'), { type: 'approve', kycVerified: false }))).toEqual(['KYC_NOT_VERIFIED']);
  });

  it('rejects with a reason that the provider then reads', () => {
    const decision = decide(listingIn('SUBMITTED'), { type: 'reject', reason: '  Too short.  ' });
    expect(decision).toMatchObject({ listing: { status: 'DRAFT', statusReason: 'Too short.' }, transition: { reason: 'Too short.' } });
  });

  it.each(['reject', 'suspend'] as const)('does not %s without saying why', (type) => {
    const listing = listingIn(type === 'reject' ? 'SUBMITTED' : 'LIVE');
    expect(decide(listing, { type, reason: ' \n ' })).toMatchObject({ problems: [{ code: 'INVALID_INPUT', path: ['reason'] }] });
  });
});

describe('going live, and being stopped', () => {
  it('goes live only with a play package', () => {
    expect(codes(decide(listingIn('APPROVED'), COMMANDS.publish, { ...READY, courseVersion: aCourseVersion({ playPackageId: null }) }))).toEqual(['PLAY_PACKAGE_NOT_BUILT']);
    expect(after(decide(listingIn('APPROVED'), COMMANDS.publish)).liveAt).toEqual(NOW);
  });

  it.each(['APPROVED', 'LIVE'] as const)('is reinstated to %s when it was suspended there', (status) => {
    const suspended = after(decide(listingIn(status), COMMANDS.suspend));
    expect(suspended).toMatchObject({ status: 'SUSPENDED', suspendedFrom: status, statusReason: 'Copyright complaint.' });
    expect(after(decide(suspended, COMMANDS.reinstate))).toMatchObject({ status, suspendedFrom: null, statusReason: null, liveAt: suspended.liveAt });
  });

  it('keeps the reason of a suspension while its copy is edited', () => {
    const suspended = listingIn('SUSPENDED', { statusReason: 'Copyright complaint.' });
    expect(after(decide(suspended, COMMANDS.update))).toMatchObject({ status: 'SUSPENDED', statusReason: 'Copyright complaint.', title: 'Better knots' });
  });
});

describe('selling another version', () => {
  const NEXT = aCourseVersion({ courseVersionId: NEXT_VERSION });
  const retarget = (status: ListingStatus, courseVersion: CourseVersion) => decide(listingIn(status), { type: 'retarget', courseVersion });

  it('changes the version that is sold and nothing else', () => {
    const listing = listingIn('LIVE');
    expect(after(decide(listing, COMMANDS.retarget))).toEqual({ ...listing, courseVersionId: NEXT_VERSION, version: listing.version + 1, updatedAt: NOW });
  });

  it('takes a published version, and one whose package is built unless the listing is a draft', () => {
    expect(codes(retarget('DRAFT', { ...NEXT, playPackageId: null }))).toEqual([]);
    for (const status of ['APPROVED', 'LIVE', 'SUSPENDED'] as const) expect(codes(retarget(status, { ...NEXT, playPackageId: null }))).toEqual(['PLAY_PACKAGE_NOT_BUILT']);
    expect(retarget('DRAFT', { ...NEXT, publishedAt: null })).toMatchObject({ problems: [{ code: 'COURSE_VERSION_NOT_PUBLISHED', path: ['courseVersionId'] }] });
    expect(codes(retarget('LIVE', { ...NEXT, publishedAt: null, playPackageId: null }))).toEqual(['COURSE_VERSION_NOT_PUBLISHED', 'PLAY_PACKAGE_NOT_BUILT']);
  });

  it('takes another version than the one that is sold', () => {
    expect(retarget('LIVE', aCourseVersion())).toMatchObject({ problems: [{ code: 'INVALID_INPUT', path: ['courseVersionId'] }] });
  });
});

describe('archiving', () => {
  it('leaves nothing of a suspension, and is final', () => {
    const archived = after(decide(listingIn('SUSPENDED', { statusReason: 'Copyright complaint.' }), COMMANDS.archive));
    expect(archived).toMatchObject({ status: 'ARCHIVED', suspendedFrom: null, statusReason: null });
    for (const command of LISTING_COMMANDS) expect(codes(decide(archived, COMMANDS[command]))).toEqual(['ILLEGAL_TRANSITION']);
  });
});
