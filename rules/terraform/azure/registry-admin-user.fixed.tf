resource "azurerm_container_registry" "bad0" {
  # ruleid: terraform.azure.registry-admin-user
  admin_enabled = false
}
resource "azurerm_container_registry" "bad1" {
  # ruleid: terraform.azure.registry-admin-user
  admin_enabled = false
}
resource "azurerm_container_registry" "bad2" {
  # ruleid: terraform.azure.registry-admin-user
  admin_enabled = false
}
resource "azurerm_container_registry" "good0" {
  # ok: terraform.azure.registry-admin-user
  admin_enabled = false
}
resource "azurerm_container_registry" "good1" {
  # ok: terraform.azure.registry-admin-user
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.azure.registry-admin-user
  admin_enabled = true
}
