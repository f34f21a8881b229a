resource "azurerm_postgresql_server" "bad1" {
  # ruleid: terraform.azure.public-database
  public_network_access_enabled = false
}
resource "azurerm_mysql_server" "bad2" {
  # ruleid: terraform.azure.public-database
  public_network_access_enabled = false
}
resource "azurerm_cosmosdb_account" "bad3" {
  # ruleid: terraform.azure.public-database
  public_network_access_enabled = false
}
resource "azurerm_key_vault" "good4" {
  # ok: terraform.azure.public-database
  public_network_access_enabled = false
}
resource "azurerm_mssql_server" "good5" {
  # ok: terraform.azure.public-database
  version = "12.0"
}
resource "azurerm_postgresql_server" "good6" {
  # ok: terraform.azure.public-database
  public_network_access_enabled = false
}
resource "other_thing" "near" {
  # ok: terraform.azure.public-database
  public_network_access_enabled = true
}
