# ruleid: terraform.azure.storage-network-rules-missing
resource "azurerm_storage_account" "bad0" {
  name = "a"
}
# ruleid: terraform.azure.storage-network-rules-missing
resource "azurerm_storage_account" "bad1" {
  name = "a"
}
# ruleid: terraform.azure.storage-network-rules-missing
resource "azurerm_storage_account" "bad2" {
  name = "a"
}
# ok: terraform.azure.storage-network-rules-missing
resource "azurerm_storage_account" "good0" {
  name = "a"
  network_rules {
    default_action = "Deny"
  }
}
# ok: terraform.azure.storage-network-rules-missing
resource "azurerm_storage_account" "good1" {
  name = "a"
  network_rules {
    default_action = "Deny"
  }
}
# ok: terraform.azure.storage-network-rules-missing
resource "other_thing" "near" {
  name = "a"
}
