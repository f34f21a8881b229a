package sample

import (
	"encoding/json"
	"net/http"
	"strings"
)

func gin(c *gin.Context) {
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + c.Query("name") + "'")
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + c.Param("name") + "'")
	var user User
	c.ShouldBindJSON(&user)
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + user.Name + "'")
}

func echo(c echo.Context) error {
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + c.QueryParam("name") + "'")
	return nil
}

func fiber(c *fiber.Ctx) error {
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + c.Params("name") + "'")
	user := new(User)
	c.BodyParser(&user)
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + user.Name + "'")
	return nil
}

func plain(w http.ResponseWriter, request *http.Request) {
	var user User
	json.NewDecoder(request.Body).Decode(&user)
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + user.Name + "'")
	var text strings.Builder
	text.WriteString("select * from t where name = '")
	text.WriteString(request.FormValue("name"))
	// ruleid: go.web.sql-injection
	db.Query(text.String())
	// ruleid: go.web.sql-injection
	db.Query("select * from t where name = '" + mux.Vars(request)["name"] + "'")
	id, _ := strconv.Atoi(request.FormValue("id"))
	// ok: go.web.sql-injection
	db.Query("select * from t where id = " + strconv.Itoa(id))
	// ok: go.web.sql-injection
	db.Query("select * from t where name = ?", user.Name)
}
