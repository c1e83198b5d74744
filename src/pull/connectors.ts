import { amazonConnector } from '../platforms/amazon/connector.ts';
import { googleConnector } from '../platforms/google/connector.ts';
import { tiktokConnector } from '../platforms/tiktok/connector.ts';
import type { Connector } from './connector.ts';
import { readyOr, type SourceConfigs } from './source-config.ts';
import type { SourceWorld } from './source-world.ts';

/**
 * A connector for each platform beside Meta whose accounts are set; to be closed. Asks nobody. Throws
 * `CONFIG_INVALID` for one whose settings are not complete.
 */
export function openConnectors(sources: SourceConfigs, world: SourceWorld): readonly Connector[] {
  const google = readyOr(sources.google, 'Google Ads');
  const tiktok = readyOr(sources.tiktok, 'TikTok Ads');
  const amazon = readyOr(sources.amazon, 'Amazon Ads');
  return [
    ...(google === null ? [] : [googleConnector(google, world)]),
    ...(tiktok === null ? [] : [tiktokConnector(tiktok, world)]),
    ...(amazon === null ? [] : [amazonConnector(amazon, world)]),
  ];
}

/** Where each platform beside Meta is asked, for those whose settings are complete. */
export function sourceAddresses({ google, tiktok, amazon }: SourceConfigs): readonly string[] {
  return [google, tiktok, amazon].flatMap((choice) =>
    choice.kind === 'ready' ? [choice.config.apiBaseUrl] : [],
  );
}
