resource "azurerm_storage_container" "bad1" {
  # ruleid: terraform.azure.public-storage
  allow_nested_items_to_be_public = true
}
resource "azurerm_storage_account" "bad2" {
  # ruleid: terraform.azure.public-storage
  container_access_type = "blob"
}
resource "azurerm_storage_container" "bad3" {
  # ruleid: terraform.azure.public-storage
  container_access_type = "container"
}
resource "azurerm_storage_account" "good4" {
  # ok: terraform.azure.public-storage
  allow_nested_items_to_be_public = false
}
resource "azurerm_storage_container" "good5" {
  # ok: terraform.azure.public-storage
  container_access_type = "private"
}
resource "azurerm_storage_account" "good6" {
  # ok: terraform.azure.public-storage
  allow_nested_items_to_be_public = false
}
resource "other_thing" "near" {
  # ok: terraform.azure.public-storage
  allow_nested_items_to_be_public = true
}
