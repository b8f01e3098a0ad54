import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of the licences that are about to end, most have been told so already: those that have not are found without reading the others. */
export class UntoldLicenses1764000000022 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create index license_untold_valid_until on marketplace.license (valid_until)
        where state = 'ACTIVE' and source <> 'SUBSCRIPTION' and valid_until is not null and expiring_told_at is null;
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}
