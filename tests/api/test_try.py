def test_x(house, deputy):
    house.measured('tonglv-pingchao/w21003',[0.5,0.6,2.5])
    r=deputy.get('/'); assert r.status_code==200
    print(len(r.text)); 
    for p in ('/alerts','/stations/air-jinsha','/stations/tonglv-pingchao','/openapi.json','/docs','/api/v1/stations'):
        r=deputy.get(p); print(p,r.status_code,len(r.text)); assert r.status_code==200
