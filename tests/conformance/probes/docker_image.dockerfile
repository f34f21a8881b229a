# ruleid: docker_image
FROM a:1
FROM b
FROM c@sha256:45b23dee08af5e43a7fea6c4cf9c25ccf269ee113168c19722f87876677c5cb2
# ruleid: docker_image
FROM d:1 AS e
