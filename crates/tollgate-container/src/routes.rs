//! The `worker strip-routes` program: takes every way out of a network namespace but the ways to the
//! named hosts.
//!
//! A bridge's gateway address is the host itself, and whatever listens there on all interfaces. An
//! internal network still has that address, so routes have to go: without one, a packet has no way.

use std::net::IpAddr;

/// A network namespace that could not be closed.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// The kernel refused; most likely `NET_ADMIN` is missing.
    #[error("{action}: {reason}")]
    Kernel {
        /// What was asked.
        action: &'static str,
        /// The kernel's answer.
        reason: String,
    },
    /// A host that should stay reachable is on no network of this namespace.
    #[error("{0} is on no network of this container")]
    NotOnLink(IpAddr),
    /// A route is still there.
    #[error("a route stays that was not asked for: {0}")]
    RouteLeft(String),
    /// There are no such namespaces here.
    #[error("network namespaces exist on Linux only")]
    NotLinux,
}

/// Removes all routes and IPv6 addresses but one host route to each of `keep`, and looks that nothing
/// else is left.
///
/// # Errors
/// When a route cannot be removed or set. The namespace is not closed then.
#[cfg(target_os = "linux")]
pub async fn strip_routes(keep: &[IpAddr]) -> Result<(), RouteError> {
    linux::strip(keep).await
}

/// Network namespaces exist on Linux only.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub async fn strip_routes(_keep: &[IpAddr]) -> Result<(), RouteError> {
    Err(RouteError::NotLinux)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use futures_util::TryStreamExt;
    use rtnetlink::packet_route::AddressFamily;
    use rtnetlink::packet_route::route::{RouteAddress, RouteAttribute, RouteMessage, RouteScope, RouteType};
    use rtnetlink::{Handle, RouteMessageBuilder, new_connection};

    use super::RouteError;

    pub(super) async fn strip(keep: &[IpAddr]) -> Result<(), RouteError> {
        let (connection, handle, _) = new_connection().map_err(|error| kernel("opening netlink", &error))?;
        let connection = tokio::spawn(connection);
        let result = strip_with(&handle, keep).await;
        connection.abort();
        result
    }

    async fn strip_with(handle: &Handle, keep: &[IpAddr]) -> Result<(), RouteError> {
        let routes = ways_out(handle).await?;
        let links = keep
            .iter()
            .map(|host| Ok((*host, link_to(*host, &routes).ok_or(RouteError::NotOnLink(*host))?)))
            .collect::<Result<Vec<(IpAddr, u32)>, RouteError>>()?;
        remove_ipv6_addresses(handle, keep).await?;
        for route in ways_out(handle).await? {
            let removal = handle.route().del(route.clone()).execute().await;
            // Removing one route can take another along.
            if removal.is_err() && ways_out(handle).await?.contains(&route) {
                return Err(RouteError::RouteLeft(describe(&route)));
            }
        }
        for (host, link) in &links {
            let add = match host {
                IpAddr::V4(host) => {
                    let route = RouteMessageBuilder::<Ipv4Addr>::new()
                        .destination_prefix(*host, 32)
                        .output_interface(*link)
                        .scope(RouteScope::Link)
                        .build();
                    handle.route().add(route).execute().await
                }
                IpAddr::V6(host) => {
                    let route = RouteMessageBuilder::<Ipv6Addr>::new()
                        .destination_prefix(*host, 128)
                        .output_interface(*link)
                        .build();
                    handle.route().add(route).execute().await
                }
            };
            add.map_err(|error| kernel("setting the route to the target", &error))?;
        }
        let left = ways_out(handle).await?;
        match left.iter().find(|route| !is_host_route_to(route, keep)) {
            Some(route) => Err(RouteError::RouteLeft(describe(route))),
            None => Ok(()),
        }
    }

    /// Routes over which a packet can leave the namespace: all but those of the table `local`, which
    /// hold our own addresses, and multicast.
    async fn ways_out(handle: &Handle) -> Result<Vec<RouteMessage>, RouteError> {
        let mut routes = Vec::new();
        for question in
            [RouteMessageBuilder::<Ipv4Addr>::new().build(), RouteMessageBuilder::<Ipv6Addr>::new().build()]
        {
            let answer: Result<Vec<RouteMessage>, _> =
                handle.route().get(question).execute().try_collect().await;
            match answer {
                Ok(answer) => routes.extend(answer),
                Err(error) => return Err(kernel("listing routes", &error)),
            }
        }
        let loopback = loopback_index(handle).await?;
        routes.retain(|route| {
            let is_own_address = table(route) == LOCAL_TABLE
                && matches!(
                    route.header.kind,
                    RouteType::Local | RouteType::Broadcast | RouteType::Anycast | RouteType::Multicast
                );
            let leads_nowhere = matches!(
                route.header.kind,
                RouteType::Unreachable | RouteType::BlackHole | RouteType::Prohibit
            );
            !is_own_address && !leads_nowhere && link(route) != Some(loopback)
        });
        Ok(routes)
    }

    /// `RT_TABLE_LOCAL` of the kernel.
    const LOCAL_TABLE: u32 = 255;

    fn table(route: &RouteMessage) -> u32 {
        route
            .attributes
            .iter()
            .find_map(|attribute| match attribute {
                RouteAttribute::Table(table) => Some(*table),
                _ => None,
            })
            .unwrap_or_else(|| u32::from(route.header.table))
    }

    fn link(route: &RouteMessage) -> Option<u32> {
        route.attributes.iter().find_map(|attribute| match attribute {
            RouteAttribute::Oif(index) => Some(*index),
            _ => None,
        })
    }

    fn destination(route: &RouteMessage) -> Option<IpAddr> {
        route.attributes.iter().find_map(|attribute| match attribute {
            RouteAttribute::Destination(RouteAddress::Inet(address)) => Some(IpAddr::V4(*address)),
            RouteAttribute::Destination(RouteAddress::Inet6(address)) => Some(IpAddr::V6(*address)),
            _ => None,
        })
    }

    /// The interface whose own network `host` is on: the longest prefix without a gateway.
    fn link_to(host: IpAddr, routes: &[RouteMessage]) -> Option<u32> {
        routes
            .iter()
            .filter(|route| {
                !route.attributes.iter().any(|attribute| matches!(attribute, RouteAttribute::Gateway(_)))
                    && destination(route)
                        .is_some_and(|net| contains(net, route.header.destination_prefix_length, host))
            })
            .max_by_key(|route| route.header.destination_prefix_length)
            .and_then(link)
    }

    fn contains(net: IpAddr, length: u8, host: IpAddr) -> bool {
        match (net, host) {
            (IpAddr::V4(net), IpAddr::V4(host)) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(length.min(32))).unwrap_or(0);
                u32::from(net) & mask == u32::from(host) & mask
            }
            (IpAddr::V6(net), IpAddr::V6(host)) => {
                let mask = u128::MAX.checked_shl(128 - u32::from(length.min(128))).unwrap_or(0);
                u128::from(net) & mask == u128::from(host) & mask
            }
            _ => false,
        }
    }

    fn is_host_route_to(route: &RouteMessage, keep: &[IpAddr]) -> bool {
        let whole = if route.header.address_family == AddressFamily::Inet { 32 } else { 128 };
        route.header.destination_prefix_length == whole
            && destination(route).is_some_and(|host| keep.contains(&host))
    }

    /// The bridge answers at a link-local address too, and a neighbour can announce routes.
    async fn remove_ipv6_addresses(handle: &Handle, keep: &[IpAddr]) -> Result<(), RouteError> {
        if keep.iter().any(IpAddr::is_ipv6) {
            return Ok(());
        }
        let loopback = loopback_index(handle).await?;
        let addresses: Vec<_> = handle
            .address()
            .get()
            .execute()
            .try_collect()
            .await
            .map_err(|error| kernel("listing addresses", &error))?;
        for address in addresses {
            if address.header.family == AddressFamily::Inet6 && address.header.index != loopback {
                let removal = handle.address().del(address).execute().await;
                removal.map_err(|error| kernel("removing an IPv6 address", &error))?;
            }
        }
        Ok(())
    }

    async fn loopback_index(handle: &Handle) -> Result<u32, RouteError> {
        let found = handle.link().get().match_name("lo".to_owned()).execute().try_next().await;
        let link = found.map_err(|error| kernel("looking for the loopback interface", &error))?;
        Ok(link.map_or(1, |link| link.header.index))
    }

    fn describe(route: &RouteMessage) -> String {
        let to = destination(route).map_or_else(|| "default".to_owned(), |net| net.to_string());
        format!("{to}/{} in table {}", route.header.destination_prefix_length, table(route))
    }

    fn kernel(action: &'static str, error: &dyn std::error::Error) -> RouteError {
        RouteError::Kernel { action, reason: error.to_string() }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn prefixes_contain_their_hosts() {
            let check = |net: &str, length, host: &str, expected| {
                let (net, host) = (net.parse().unwrap(), host.parse().unwrap());
                assert_eq!(contains(net, length, host), expected, "{net}/{length} {host}");
            };
            check("172.18.0.0", 16, "172.18.0.2", true);
            check("172.18.0.0", 16, "172.19.0.2", false);
            check("0.0.0.0", 0, "8.8.8.8", true);
            check("10.0.0.1", 32, "10.0.0.2", false);
            check("fe80::", 64, "fe80::1", true);
            check("fe80::", 64, "10.0.0.1", false);
        }
    }
}
