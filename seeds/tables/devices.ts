import { ipAddresses, userAgents } from '../vocabulary/index.js';
import type { World } from '../world/world.js';

/** From where and with what people come: mostly from the same place with the same device. */
export interface Devices {
  /** @param occasion a number of its own each time */
  address(user: number, occasion: number): Uint8Array;
  userAgent(user: number, occasion: number): Uint8Array;
}

export function createDevices({ history }: Pick<World, 'history'>): Devices {
  const place = history.draw('devices.address');
  const device = history.draw('devices.user_agent');
  const other = history.draw('devices.occasion');
  return {
    address: (user, occasion) => {
      const { bytes } = ipAddresses;
      return bytes[
        other.chance(0.2, occasion) ? place.below(bytes.length, occasion, 1) : place.below(bytes.length, user)
      ] as Uint8Array;
    },
    userAgent: (user, occasion) => {
      const { bytes } = userAgents;
      return bytes[device.below(bytes.length, user, other.chance(0.25, occasion, 1) ? 2 : 1)] as Uint8Array;
    },
  };
}
