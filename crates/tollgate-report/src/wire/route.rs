//! Routes that the sources declare, kept so that a later merge can join static and dynamic results.

use serde::{Deserialize, Serialize};
use tollgate_core::dynamic::ParameterPlace;
use tollgate_core::facts;

use super::{Location, Unreadable};

/// An HTTP route declared in source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Route {
    pub(crate) methods: Vec<String>,
    pub(crate) template: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) handler: Location,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) handler_name: Option<String>,
    pub(crate) framework: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reaches: Vec<Location>,
}

/// An input of a route.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parameter {
    pub(crate) place: String,
    pub(crate) name: String,
}

impl From<&facts::Route> for Route {
    fn from(route: &facts::Route) -> Self {
        let parameters = route.parameters.iter().map(|parameter| Parameter {
            place: parameter.place.as_str().to_owned(),
            name: parameter.name.clone(),
        });
        Self {
            methods: route.methods.clone(),
            template: route.template.clone(),
            parameters: parameters.collect(),
            handler: Location::from(&route.handler),
            handler_name: route.handler_name.clone(),
            framework: route.framework.clone(),
            reaches: route.reaches.iter().map(Location::from).collect(),
        }
    }
}

impl TryFrom<Route> for facts::Route {
    type Error = Unreadable;

    fn try_from(route: Route) -> Result<Self, Unreadable> {
        let parameters = route.parameters.into_iter().map(|parameter| {
            let place = ParameterPlace::ALL.into_iter().find(|place| place.as_str() == parameter.place);
            let place = place.ok_or_else(|| Unreadable::new("parameter place", &parameter.place))?;
            Ok(facts::RouteParameter { place, name: parameter.name })
        });
        Ok(Self {
            methods: route.methods,
            template: route.template,
            parameters: parameters.collect::<Result<_, _>>()?,
            handler: route.handler.try_into()?,
            handler_name: route.handler_name,
            framework: route.framework,
            reaches: route.reaches.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
        })
    }
}
