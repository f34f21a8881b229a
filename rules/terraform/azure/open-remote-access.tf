# ruleid: terraform.azure.open-remote-access
resource "azurerm_network_security_rule" "a" {
  direction                  = "Inbound"
  access                     = "Allow"
  source_address_prefix      = "*"
  destination_port_range     = "22"
}
# ruleid: terraform.azure.open-remote-access
resource "azurerm_network_security_rule" "b" {
  direction                  = "Inbound"
  access                     = "Allow"
  source_address_prefix      = "0.0.0.0/0"
  destination_port_range     = "3389"
}
# ruleid: terraform.azure.open-remote-access
resource "azurerm_network_security_rule" "c" {
  direction                  = "Inbound"
  access                     = "Allow"
  source_address_prefix      = "Internet"
  destination_port_range     = "*"
}
# ok: terraform.azure.open-remote-access
resource "azurerm_network_security_rule" "d" {
  direction                  = "Inbound"
  access                     = "Allow"
  source_address_prefix      = "*"
  destination_port_range     = "443"
}
# ok: terraform.azure.open-remote-access
resource "azurerm_network_security_rule" "e" {
  direction                  = "Inbound"
  access                     = "Allow"
  source_address_prefix      = "10.0.0.0/8"
  destination_port_range     = "22"
}
# ok: terraform.azure.open-remote-access
resource "azurerm_network_security_rule" "f" {
  direction                  = "Inbound"
  access                     = "Deny"
  source_address_prefix      = "*"
  destination_port_range     = "22"
}
