# ruleid: terraform.azure.vault-purge-protection-missing
resource "azurerm_key_vault" "bad0" {
  name = "a"
}
# ruleid: terraform.azure.vault-purge-protection-missing
resource "azurerm_key_vault" "bad1" {
  name = "a"
}
# ruleid: terraform.azure.vault-purge-protection-missing
resource "azurerm_key_vault" "bad2" {
  name = "a"
}
# ok: terraform.azure.vault-purge-protection-missing
resource "azurerm_key_vault" "good0" {
  name = "a"
  purge_protection_enabled = true
}
# ok: terraform.azure.vault-purge-protection-missing
resource "azurerm_key_vault" "good1" {
  name = "a"
  purge_protection_enabled = true
}
# ok: terraform.azure.vault-purge-protection-missing
resource "other_thing" "near" {
  name = "a"
}
