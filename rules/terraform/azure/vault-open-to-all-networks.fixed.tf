resource "azurerm_key_vault" "bad0" {
  # ruleid: terraform.azure.vault-open-to-all-networks
  default_action = "Deny"
}
resource "azurerm_storage_account" "bad1" {
  # ruleid: terraform.azure.vault-open-to-all-networks
  default_action = "Deny"
}
resource "azurerm_storage_account_network_rules" "bad2" {
  # ruleid: terraform.azure.vault-open-to-all-networks
  default_action = "Deny"
}
resource "azurerm_key_vault" "good0" {
  # ok: terraform.azure.vault-open-to-all-networks
  default_action = "Deny"
}
resource "azurerm_storage_account" "good1" {
  # ok: terraform.azure.vault-open-to-all-networks
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.azure.vault-open-to-all-networks
  default_action = "Allow"
}
