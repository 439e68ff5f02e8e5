import { describe, expect, it } from 'vitest';
import { Desk, elsewhere, home } from '../../../test/control/desk.js';
import { arnOf, type ResourceKind } from '../../domain/scope.js';

const tag = (key: string, value = '') => ({ key, value });

describe('tags', () => {
  it.each<[ResourceKind, string]>([
    ['model', 'tiny'],
    ['endpoint-config', 'shop-config'],
    ['endpoint', 'shop'],
    ['inference-component', 'chat'],
  ])('of a %s are added, listed and deleted by its ARN', (kind, name) => {
    const desk = new Desk().withModel('tiny').withEndpoint().withComponent('chat');
    const resourceArn = arnOf(home, kind, name);
    const list = () => desk.run('ListTags', { resourceArn }).tags;
    expect(list()).toEqual([]);
    desk.run('AddTags', { resourceArn, tags: [tag('team', 'a'), tag('cost', '1')] });
    const added = desk.run('AddTags', { resourceArn, tags: [tag('team', 'b')] });
    expect(added.tags).toEqual([tag('team', 'b'), tag('cost', '1')]);
    expect(list()).toEqual(added.tags);
    desk.run('DeleteTags', { resourceArn, tagKeys: ['team', 'nothing'] });
    desk.run('DeleteTags', { resourceArn, tagKeys: ['nothing'] });
    expect(list()).toEqual([tag('cost', '1')]);
    expect(desk.lastEntry()).toMatchObject({ event: 'tags-deleted' });
  });

  it('are given at creation too, and 50 at most', () => {
    const desk = new Desk();
    const tags = Array.from({ length: 50 }, (_, index) => tag(`k${index}`));
    const primaryContainer = { image: 'engine:1' };
    desk.run('CreateModel', { modelName: 'tiny', primaryContainer, tags });
    const resourceArn = arnOf(home, 'model', 'tiny');
    expect(desk.run('ListTags', { resourceArn }).tags).toEqual(tags);
    desk.run('AddTags', { resourceArn, tags: [tag('k0', 'new')] });
    const error = desk.refusal('AddTags', { resourceArn, tags: [tag('one-more')] });
    expect(error.message).toBe('A resource can have 50 tags, it would have 51.');
  });

  it('have keys of their own, and none of AWS’s', () => {
    const desk = new Desk().withModel('tiny');
    const resourceArn = arnOf(home, 'model', 'tiny');
    const refused = (...tags: { key: string; value: string }[]) =>
      desk.refusal('AddTags', { resourceArn, tags }).message;
    expect(refused(tag('a'), tag('a'))).toContain('given twice');
    expect(refused(tag('AWS:owner'))).toContain('reserved');
  });

  it('of what the caller does not have are not found', () => {
    const desk = new Desk().withModel('tiny');
    const refused = (resourceArn: string, scope = home) =>
      desk.refusal('ListTags', { resourceArn }, scope).message;
    expect(refused(arnOf(home, 'model', 'tiny'), elsewhere)).toContain('Could not find model');
    expect(refused(arnOf(elsewhere, 'model', 'tiny'))).toContain('Could not find model');
    expect(refused(arnOf(home, 'endpoint', 'tiny'))).toContain('Could not find endpoint');
    expect(refused('arn:aws:sagemaker:us-east-1:111122223333:hub/x')).toContain('is not the ARN of');
    const token = { resourceArn: arnOf(home, 'model', 'tiny'), nextToken: 'x' };
    expect(desk.refusal('ListTags', token).code).toBe('LIMIT-711');
  });
});
