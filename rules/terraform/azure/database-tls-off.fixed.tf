resource "azurerm_postgresql_server" "bad0" {
  # ruleid: terraform.azure.database-tls-off
  ssl_enforcement_enabled = true
}
resource "azurerm_mysql_server" "bad1" {
  # ruleid: terraform.azure.database-tls-off
  ssl_enforcement_enabled = true
}
resource "azurerm_mariadb_server" "bad2" {
  # ruleid: terraform.azure.database-tls-off
  ssl_enforcement_enabled = true
}
resource "azurerm_postgresql_server" "good0" {
  # ok: terraform.azure.database-tls-off
  ssl_enforcement_enabled = true
}
resource "azurerm_mysql_server" "good1" {
  # ok: terraform.azure.database-tls-off
  name = "a"
}
resource "other_thing" "near" {
  # ok: terraform.azure.database-tls-off
  ssl_enforcement_enabled = false
}
