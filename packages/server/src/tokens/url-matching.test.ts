import { describe, expect, it } from 'vitest';
import { matchesOrigin, matchesUrl } from './url-matching.ts';

const matches = (allowed: string, url: string, allowsWildcard = true) =>
  matchesUrl(allowed, url, { allowsWildcard });

describe('an allowed URL', () => {
  it.each([
    ['https://app.example.com/cb', 'https://app.example.com/cb'],
    ['https://app.example.com/cb', 'HTTPS://APP.example.com/cb'],
    ['https://*.example.com/cb', 'https://one.example.com/cb'],
    ['https://pr-*.example.com/cb', 'https://pr-12.example.com/cb'],
    ['https://app.example.com:8443/cb?x=1', 'https://app.example.com:8443/cb?x=1'],
    ['com.example.app://cb', 'com.example.app://cb'],
    ['com.example.app:/cb', 'com.example.app:/cb'],
  ])('%s takes %s', (allowed, url) => expect(matches(allowed, url)).toBe(true));

  it.each([
    ['https://app.example.com/cb', 'https://app.example.com/CB'],
    ['https://app.example.com/cb', 'https://app.example.com/cb/'],
    ['https://app.example.com/cb', 'https://app.example.com/cb?x=1'],
    ['https://app.example.com/cb', 'https://app.example.com/cb#x'],
    ['https://app.example.com/cb', 'http://app.example.com/cb'],
    ['https://app.example.com/cb', 'https://app.example.com:444/cb'],
    ['https://*.example.com/cb', 'https://a.b.example.com/cb'],
    ['https://*.example.com/cb', 'https://.example.com/cb'],
    ['https://*.example.com/cb', 'https://example.com/cb'],
    ['https://*.example.com/cb', 'https://evil.com/.example.com/cb'],
    ['https://*.example.com/cb', 'https://evil.com#.example.com/cb'],
    ['https://*.example.com/cb', 'https://user@one.example.com/cb'],
    ['https://*.com/cb', 'https://anything.com/cb'],
    ['https://one.*.example.com/cb', 'https://one.two.example.com/cb'],
    ['https://app.example.com/*', 'https://app.example.com/anything'],
    ['*://cb', 'evil://cb'],
    ['https://app.example.com/cb', 'https:\\\\app.example.com/cb'],
    ['https://app.example.com/cb', 'https://app.example.com\t/cb'],
    ['https://app.example.com/cb', ''],
    ['', 'https://app.example.com/cb'],
  ])('%j does not take %j', (allowed, url) => expect(matches(allowed, url)).toBe(false));

  it('lets no wildcard stand for third parties', () => {
    expect(matches('https://*.example.com/cb', 'https://one.example.com/cb', false)).toBe(false);
  });

  it('can be compared without its query', () => {
    const options = { allowsWildcard: true, ignoresQuery: true };
    expect(matchesUrl('https://a.example.com/out', 'https://a.example.com/out?x#y', options)).toBe(true);
    expect(matchesUrl('https://a.example.com/out', 'https://a.example.com/other?/out', options)).toBe(false);
  });
});

describe('an allowed origin', () => {
  it('takes an origin, and the origin of an allowed URL', () => {
    expect(matchesOrigin('https://app.example.com', 'https://app.example.com')).toBe(true);
    expect(matchesOrigin('https://app.example.com/cb', 'https://app.example.com')).toBe(true);
    expect(matchesOrigin('https://app.example.com', 'https://app.example.com:444')).toBe(false);
    expect(matchesOrigin('https://app.example.com', 'null')).toBe(false);
  });
});
