import manifest from '../package.json';

/** nbblog's, here and in Python. */
export const { version } = manifest;
