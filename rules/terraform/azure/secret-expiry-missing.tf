# ruleid: terraform.azure.secret-expiry-missing
resource "azurerm_key_vault_secret" "bad0" {
  name = "a"
}
# ruleid: terraform.azure.secret-expiry-missing
resource "azurerm_key_vault_key" "bad1" {
  name = "a"
}
# ruleid: terraform.azure.secret-expiry-missing
resource "azurerm_key_vault_secret" "bad2" {
  name = "a"
}
# ok: terraform.azure.secret-expiry-missing
resource "azurerm_key_vault_secret" "good0" {
  name = "a"
  expiration_date = "2030-01-01T00:00:00Z"
}
# ok: terraform.azure.secret-expiry-missing
resource "azurerm_key_vault_key" "good1" {
  name = "a"
  expiration_date = "2030-01-01T00:00:00Z"
}
# ok: terraform.azure.secret-expiry-missing
resource "other_thing" "near" {
  name = "a"
}
