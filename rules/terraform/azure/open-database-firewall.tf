resource "azurerm_postgresql_firewall_rule" "bad1" {
  # ruleid: terraform.azure.open-database-firewall
  end_ip_address = "255.255.255.255"
}
resource "azurerm_mysql_firewall_rule" "bad2" {
  # ruleid: terraform.azure.open-database-firewall
  end_ip_address = "255.255.255.255"
}
resource "azurerm_sql_firewall_rule" "bad3" {
  # ruleid: terraform.azure.open-database-firewall
  end_ip_address = "255.255.255.255"
}
resource "azurerm_mssql_firewall_rule" "good4" {
  # ok: terraform.azure.open-database-firewall
  end_ip_address = "192.0.2.9"
}
resource "azurerm_postgresql_firewall_rule" "good5" {
  # ok: terraform.azure.open-database-firewall
  start_ip_address = "0.0.0.0"
}
resource "azurerm_mysql_firewall_rule" "good6" {
  # ok: terraform.azure.open-database-firewall
  end_ip_address = "192.0.2.9"
}
resource "other_thing" "near" {
  # ok: terraform.azure.open-database-firewall
  end_ip_address = "255.255.255.255"
}
