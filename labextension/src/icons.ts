import { LabIcon } from '@jupyterlab/ui-components';

const draw = (name: string, path: string): LabIcon =>
  new LabIcon({
    name: `nbblog:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="${path}"/></svg>`
  });

/** A page with a title, beside the lines of its text. */
export const articleIcon = draw(
  'article',
  'M4 3h16a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zm1 2v14h14V5zm2 2h10v3H7zm0 5h10v1.5H7zm0 3.500h7V17H7z'
);
export const desktopIcon = draw('desktop', 'M3 4h18v12h-7v2h3v2H7v-2h3v-2H3zm2 2v8h14V6z');
export const tabletIcon = draw('tablet', 'M6 2h12a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm1 2v14h10V4zm4 15.300h2v1.400h-2z');
export const phoneIcon = draw('phone', 'M8 2h8a1 1 0 0 1 1 1v18a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm1 3v12h6V5zm2 13.500h2V20h-2z');
export const schemeIcon = draw('scheme', 'M12 2.500a9.500 9.500 0 1 1 0 19 9.500 9.500 0 0 1 0-19zm0 2v15a7.500 7.500 0 0 0 0-15z');
/** A pen above a line. */
export const newPostIcon = draw(
  'new-post',
  'M15.600 3.400a1.500 1.500 0 0 1 2.100 0l2.900 2.900a1.500 1.500 0 0 1 0 2.100L10 19H5v-5zM7 14.800V17h2.200l7-7L14 7.800zM15.400 6.400l2.200 2.200 1.200-1.200-2.200-2.200zM3 21h18v1.500H3z'
);
/** A list that is ticked off. */
export const checkIcon = draw(
  'check',
  'M9 5h12v2H9zm0 6h12v2H9zm0 6h12v2H9zM4.300 8.700 2 6.400l1-1 1.300 1.300L7 4l1 1zm0 6L2 12.400l1-1 1.300 1.300L7 10l1 1zm0 6L2 18.400l1-1 1.300 1.300L7 16l1 1z'
);
/** An arrow out of a tray. */
export const publishIcon = draw('publish', 'M11 16V6.800L7.400 10.400 6 9l6-6 6 6-1.400 1.400L13 6.800V16zM4 15h2v4h12v-4h2v6H4z');
