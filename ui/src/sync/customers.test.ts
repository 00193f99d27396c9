import { describe, expect, it } from 'vitest';
import { faceURL } from './customers';

describe('a picture of a customer', () => {
  it('is a file of the customer', () => {
    expect(faceURL({ customerId: 'anna', fields: { avatar: 'ab12' } })).toBe('/api/v1/files/anna/ab12?name=');
  });

  it.each([[{}], [{ avatar: '' }]])('is not there with %o', (fields) => expect(faceURL({ customerId: 'anna', fields })).toBeUndefined());

  it('is asked for at our server alone', () => {
    expect(faceURL({ customerId: 'anna', fields: { avatar: 'https://vk.example/a.jpg' } })).toBe('/api/v1/files/anna/https%3A%2F%2Fvk.example%2Fa.jpg?name=');
  });
});
