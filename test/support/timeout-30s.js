'use strict';

// Jest knows no time limit per project, only this.
jest.setTimeout(30_000);
