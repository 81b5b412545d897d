// Search attributes of the namespace: made once, whoever comes first.
import { codeOf, until } from './check.mjs';
import { temporal } from './world.mjs';

const { IndexedValueType } = temporal.api.enums.v1;

export async function attribute(w, name, type) {
  await w.connection.operatorService
    .addSearchAttributes({ namespace: 'default', searchAttributes: { [name]: IndexedValueType[`INDEXED_VALUE_TYPE_${type}`] } })
    .catch((err) => {
      if (codeOf(err) !== 'ALREADY_EXISTS') throw err;
    });
  await until(`the search attribute ${name}`, async () => name in (await w.connection.operatorService.listSearchAttributes({ namespace: 'default' })).customAttributes);
}
